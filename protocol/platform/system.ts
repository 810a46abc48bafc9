import * as v from 'valibot'
import { event, type Operations, operation } from '../core/operation.ts'

export const systemOperations = {
  'system:health': operation({
    summary: 'What this server is and whether its parts answer.',
    role: 'anyone',
    access: 'role',
    example: {},
    input: v.object({}),
    output: v.object({
      status: v.picklist(['ok', 'degraded']),
      version: v.string(),
      protocol: v.number(),
      uptime_ms: v.number(),
      database: v.object({
        kind: v.picklist(['embedded', 'postgres']),
        ok: v.boolean(),
        state: v.picklist(['ok', 'away', 'read_only', 'full']),
      }),
      model: v.object({ provider: v.string(), model: v.string(), ok: v.boolean() }),
      attachments: v.pipe(
        v.optional(v.object({ bytes: v.number(), max_bytes: v.number() })),
        v.description('Files in conversations, and how much room they have; administrators only'),
      ),
    }),
    http: [{ method: 'GET', path: '/system/health' }],
  }),
  'system:ping': operation({
    summary: 'Whether anybody is there: what says nothing within seconds is a connection that has died.',
    role: 'anyone',
    access: 'role',
    namespaces: ['visitor', 'agent'],
    example: {},
    input: v.object({}),
    output: v.null(),
  }),
} satisfies Operations

export const systemEvents = {
  'server:draining': event({
    summary: 'This node is about to stop: come back after `retry_after_ms`.',
    durable: false,
    namespaces: ['visitor', 'agent'],
    payload: v.object({ retry_after_ms: v.number() }),
  }),
}
