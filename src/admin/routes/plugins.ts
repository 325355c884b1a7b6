import {z} from 'zod'

import {pluginStatus} from '../answer-schemas.js'
import {route} from '../route.js'

const params = z.strictObject({name: z.string().describe('The plugin.')})

export const pluginRoutes = [
  route({
    method: 'GET',
    path: '/v1/plugins',
    summary: 'Plugins that run or ran, with their health and the time their hooks take.',
    answer: z.array(pluginStatus),
    run: backend => [...backend.plugins()],
  }),
  route({
    method: 'POST',
    path: '/v1/plugins/enable',
    summary: 'Loads and enables a plugin by name, path or package, until the server stops.',
    body: z.strictObject({
      plugin: z.string().min(1).max(4096).describe('A relative path begins where the server’s configuration lies.'),
    }),
    answer: pluginStatus,
    run: (backend, {body}) => backend.enablePlugin(body.plugin),
  }),
  route({
    method: 'POST',
    path: '/v1/plugins/:name/disable',
    summary: 'Disables a plugin until it is enabled again or the server starts anew.',
    params,
    body: z.strictObject({confirm: z.boolean().describe('Needed to disable `security`.').optional()}),
    answer: pluginStatus,
    run: (backend, {params, body}) => backend.disablePlugin(params.name, body.confirm ?? false),
  }),
]
