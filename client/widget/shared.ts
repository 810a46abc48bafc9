/**
 * What both files of the widget use: the first brings it, the second finds it at its script element (client/build.ts).
 * There must be one Preact only, or its hooks would not know who is being rendered.
 */
export { Fragment } from 'preact'
export { useEffect, useRef, useState } from 'preact/hooks'
export { jsx, jsxs } from 'preact/jsx-runtime'
export { toParleyError } from '../sdk/error.ts'
export { errorSentence } from '../ui/errors.ts'
export { createTranslator, locale } from '../ui/i18n.ts'
export { useWidget } from './context.ts'
