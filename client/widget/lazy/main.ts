import type { LazyScript } from '../core/lazy.ts'
import { parts } from './parts.ts'

/** Runs while its script element is the current one, which the first file has given what is shared. */
const script = document.currentScript as LazyScript
if (script.shared.version === coreVersion) script.arrived(parts)
