import {Box, Text} from 'ink'
import type {TimelineRow} from '../../model/timeline-rows.js'
import type {Palette} from './palette.js'

/** The scroll-back. Rows stand at the bottom, as in a terminal that was filled line by line. */
export function Timeline({rows, height, palette}: {rows: readonly TimelineRow[]; height: number; palette: Palette}) {
  return (
    <Box flexDirection="column" height={height} justifyContent="flex-end" overflow="hidden" flexShrink={0}>
      {rows.map(row => (
        <Text key={row.key} wrap="truncate">
          <Text {...palette.faint}>{row.time}</Text>
          <Text {...palette.line(row.kind)}>{row.mark}</Text>
          <Text {...palette.author(row.authorId, row.kind === 'own')}>{row.author}</Text>
          <Text {...palette.line(row.kind)}>{row.text}</Text>
        </Text>
      ))}
    </Box>
  )
}
