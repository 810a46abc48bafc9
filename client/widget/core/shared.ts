/**
 * What the second file of the widget finds in the first, at its own script element (client/build.ts): it imports these
 * from here. One Preact, or its hooks would not know who is being rendered; one context; one class of errors.
 */

/** Of the first file's source: a second one that was made for another keeps quiet. */
export const version = coreVersion
export { Fragment } from 'preact'
export { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
export { jsx, jsxs } from 'preact/jsx-runtime'
export { retryAfter, toParleyError, unwrap } from '../../sdk/error.ts'
export { errorSentence } from '../../ui/errors.ts'
export { createTranslator, locale } from '../../ui/i18n.ts'
export { Markup } from '../../ui/markup.tsx'
export { useStore } from '../../ui/use-store.ts'
export { useWidget } from './context.ts'
export { dateLabel, timeLabel } from './dates.ts'
