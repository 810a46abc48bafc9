import type { LazyScript } from '../core/lazy.ts'
import { parts } from './parts.ts'

/** The third file, loaded like the second: see lazy/main.ts. */
const script = document.currentScript as LazyScript
if (script.shared.version === coreVersion) script.arrived(parts)
