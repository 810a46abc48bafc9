import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tooling/sequencer.ts'

/** What is worth a second run on another database, or on another socket server: the suites that talk to it. */
const suites: Record<string, string[]> = {
  database: [
    'chat/conversation',
    'chat/memory*',
    'chat/reply',
    'chat/search',
    'client/conversation',
    'client/replay',
    'client/sdk',
    'desk/handoff',
    'desk/handoff-queue',
    'desk/handoff-refusals',
    'desk/handoff-scale',
    'desk/handoff-time',
    'desk/view',
    'identity/auth',
    'models/budget*',
    'platform/hostile',
    'platform/http',
    'platform/storage',
    'shop/catalogue*',
    'shop/knowledge*',
  ],
  socket: [
    'browser/client',
    'chat/conversation',
    'chat/reply',
    'client/conversation',
    'client/replay',
    'client/sdk',
    'platform/bodies',
    'platform/certificates',
    'platform/forwarded',
    'platform/gateway',
    'platform/hostile',
    'platform/http',
    'platform/open-files',
    'platform/paths',
    'platform/proxies',
    'platform/sockets',
  ],
}
const chosen = suites[process.env.TEST_SUITES ?? '']

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: chosen ? chosen.map(name => `test/${name}.test.ts`) : ['test/**/*.test.ts'],
    // Each file has its own process: uWebSockets.js patches socket.io for the whole of one.
    pool: 'forks',
    globalSetup: 'test/tooling/prepare-run.ts',
    maxWorkers: 2,
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A second is no time for a page on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    retry: 0,
  },
})
