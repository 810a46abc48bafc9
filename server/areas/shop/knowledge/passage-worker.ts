import { serveThread } from '../../../core/thread.ts'
import { cutIntoBatches } from './passages.ts'

/** Cuts one document into passages off the main thread. */
serveThread(cutIntoBatches)
