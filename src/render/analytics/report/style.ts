/** How the page looks: light or dark as the reader has it, one column on a phone, light on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --surface: #ffffff; --ink: #16191d; --muted: #5a6370; --rule: #dfe3e8;
  --accent: #2563c9; --soft: #a9c4ee; --weekend: #eef1f5; --empty: #eef0f3; --on-accent: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111316; --surface: #1a1d22; --ink: #e9ecf0; --muted: #9ca6b3; --rule: #2e343c;
    --accent: #79a9ff; --soft: #33507f; --weekend: #22262d; --empty: #24282e; --on-accent: #0c1424;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 2px; }
header p, .about { margin: 4px 0 0; color: var(--muted); }
.about { font-size: 13.5px; margin-bottom: 14px; }
section { background: var(--surface); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 20px; margin-top: 18px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 18px; }
.pair > section { min-width: 0; }
dl { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 22px 0 0; background: var(--rule);
  border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
dl > div { background: var(--surface); padding: 14px 18px; }
dt { color: var(--muted); font-size: 13.5px; }
dd { margin: 2px 0 0; font-size: 25px; line-height: 1.2; font-weight: 600; letter-spacing: -0.01em; }
dd small { color: var(--muted); font-size: 14px; font-weight: 400; letter-spacing: 0; white-space: nowrap; }
.compared { color: var(--muted); font-size: 13.5px; margin: 8px 2px 0; }
svg { display: block; width: 100%; height: auto; }
.narrow { display: none; }
.label { fill: var(--muted); font-size: 12px; }
.value { fill: var(--ink); font-size: 12.5px; font-weight: 600; }
.rule { stroke: var(--rule); stroke-width: 1; }
rect.weekend { fill: var(--weekend); }
path.average { fill: var(--soft); }
path.peak { fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-linejoin: round; }
rect.new, rect.bar { fill: var(--accent); }
rect.known { fill: var(--soft); }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; margin: 10px 0 0; color: var(--muted); font-size: 13px; }
.key { display: inline-block; width: 14px; height: 11px; border-radius: 2px; margin-left: 10px; }
.key:first-child { margin-left: 0; }
.key.average, .key.known { background: var(--soft); }
.key.peak { height: 3px; background: var(--accent); }
.key.new { background: var(--accent); }
.key.weekend { background: var(--weekend); border: 1px solid var(--rule); }
.key.heat { margin: 0; width: 16px; border-radius: 0; margin-right: -6px; }
.key.heat:last-of-type { margin-right: 0; }
.heat-0 { --shade: var(--empty); }
${[12, 22, 32, 42, 53, 64, 76, 88, 100].map((percent, index) => `.heat-${index + 1} { --shade: color-mix(in oklab, var(--accent) ${percent}%, var(--empty)); }`).join('\n')}
rect.heat { fill: var(--shade); }
.key.heat { background: var(--shade); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { color: var(--muted); font-weight: 500; font-size: 13px; text-align: right; }
th, td { padding: 6px 0 6px 14px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
tbody tr:last-child > * { border-bottom: 0; }
.ranking th:first-child, .ranking td:first-child, .retention th:first-child { text-align: left; padding-left: 0; }
.ranking td:first-child { font-weight: 600; max-width: 160px; overflow: hidden; text-overflow: ellipsis; }
.ranking th:nth-child(2) { text-align: left; }
.ranking td:nth-child(2) { text-align: left; width: 40%; min-width: 96px; }
.amount { display: block; line-height: 1.25; }
.track { display: block; height: 4px; margin-top: 2px; border-radius: 2px; background: var(--empty); }
.fill { display: block; height: 4px; border-radius: 2px; background: var(--accent); }
.retention { border-collapse: separate; border-spacing: 3px; }
.retention th, .retention td { padding: 6px 10px; border: 0; }
.retention tbody th { color: var(--ink); }
.shade { background: var(--shade); border-radius: 4px; text-align: center; }
.retention th:nth-child(n + 3), .unknown { text-align: center; }
.shade.heat-7, .shade.heat-8, .shade.heat-9 { color: var(--on-accent); }
.unknown, .nothing { color: var(--muted); }
footer { margin-top: 22px; color: var(--muted); font-size: 13px; }
@media (max-width: 820px) { .pair { grid-template-columns: 1fr; } }
@media (max-width: 620px) {
  main { padding: 20px 12px 32px; }
  h1 { font-size: 22px; }
  section { padding: 14px 14px; margin-top: 12px; }
  .pair { gap: 0; }
  dl { grid-template-columns: 1fr 1fr; }
  dl > div { padding: 10px 14px; }
  dd { font-size: 21px; }
  .wide { display: none; }
  .narrow { display: block; }
  .retention th, .retention td { padding: 6px; }
  .ranking { font-size: 13px; }
  .ranking th, .ranking td { padding-left: 9px; }
  .ranking th { font-size: 12px; }
  .ranking td:nth-child(2) { width: auto; min-width: 58px; }
  .steps .label { font-size: 10px; }
  path.peak { stroke-width: 1; }
}
@media print {
  :root {
    color-scheme: light;
    --ground: #ffffff; --surface: #ffffff; --ink: #000000; --muted: #4a4f57; --rule: #c9ced6;
    --accent: #2563c9; --soft: #a9c4ee; --weekend: #eef1f5; --empty: #eef0f3; --on-accent: #ffffff;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 14mm; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  section, dl { break-inside: avoid; }
  .wide { display: block; }
  .narrow { display: none; }
  dl { grid-template-columns: repeat(4, 1fr); }
  .pair { display: block; }
}
`
