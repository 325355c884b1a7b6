/**
 * Rows in the order of a field: numbers largest first, text in its order, nothing at the end. Equal ones keep their order.
 */
export function sortRows<Row extends object>(rows: readonly Row[], field: string): Row[] {
  return rows.toSorted((one, other) => compare(fieldValue(one, field), fieldValue(other, field)))
}

function compare(one: unknown, other: unknown): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  if (typeof one === 'number' && typeof other === 'number') return other - one
  return String(one) < String(other) ? -1 : Number(String(one) > String(other))
}

function fieldValue(row: object, field: string): unknown {
  return (row as Record<string, unknown>)[field] ?? null
}
