import { Fragment } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { jsx, jsxs } from 'preact/jsx-runtime'
import { retryAfter, toParleyError, unwrap } from '../../sdk/error.ts'
import { errorSentence } from '../../ui/errors.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { createTranslator, locale } from '../../ui/i18n.ts'
import { Markup } from '../../ui/markup.tsx'
import { useStore } from '../../ui/use-store.ts'
import { useWidget } from './context.ts'
import { dateLabel, timeLabel } from './dates.ts'

/** Of the first file's source: a second one that was made for another keeps quiet. */
export const version = coreVersion

export {
  createTranslator,
  dateLabel,
  errorSentence,
  Fragment,
  Glyph,
  jsx,
  jsxs,
  locale,
  Markup,
  retryAfter,
  timeLabel,
  toParleyError,
  unwrap,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useStore,
  useWidget,
}

/**
 * What the second file of the widget finds in the first, at its own script element (client/build.ts): it imports these
 * from here. One Preact, or its hooks would not know who is being rendered; one context; one class of errors.
 */
export const shared = {
  version,
  Fragment,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  jsx,
  jsxs,
  retryAfter,
  toParleyError,
  unwrap,
  errorSentence,
  createTranslator,
  Glyph,
  locale,
  Markup,
  useStore,
  useWidget,
  dateLabel,
  timeLabel,
} satisfies Omit<typeof import('./shared.ts'), 'shared'>
