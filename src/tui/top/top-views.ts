/** In the order of their keys: `1` is the first. */
export const TOP_VIEWS = ['overview', 'rooms', 'users', 'plugins', 'security', 'cache', 'events'] as const

export type TopView = (typeof TOP_VIEWS)[number]

export interface TableColumn {
  /** What is printed, sorted by and typed. */
  readonly name: string
  readonly columns: number
  readonly align: 'left' | 'right'
}

/** Tables that the server sorts. The further right a column stands, the sooner it gives way; the last one may grow. */
export const TOP_TABLES = {
  rooms: [
    {name: 'room', columns: 10, align: 'right'},
    {name: 'users', columns: 6, align: 'right'},
    {name: 'active', columns: 9, align: 'right'},
    {name: 'game', columns: 12, align: 'left'},
    {name: 'state', columns: 8, align: 'left'},
    {name: 'created', columns: 9, align: 'right'},
  ],
  users: [
    {name: 'user', columns: 10, align: 'right'},
    {name: 'name', columns: 16, align: 'left'},
    {name: 'messages', columns: 9, align: 'right'},
    {name: 'rooms', columns: 6, align: 'right'},
    {name: 'unsent', columns: 9, align: 'right'},
    {name: 'connected', columns: 10, align: 'right'},
    {name: 'address', columns: 15, align: 'left'},
  ],
} as const satisfies Record<string, readonly TableColumn[]>

export type TableName = keyof typeof TOP_TABLES
