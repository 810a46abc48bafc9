import * as v from 'valibot'
import {
  widgetGreetingMaxLength,
  widgetOffsetMax,
  widgetStarterMaxLength,
  widgetStartersMax,
  widgetTitleMaxLength,
  widgetZIndexMax,
} from '../core/limits.ts'
import { plainName } from '../core/name.ts'
import { type Operations, operation } from '../core/operation.ts'
import { text, webAddress } from '../core/shapes.ts'

function byLanguage<T extends v.GenericSchema>(schema: T) {
  return v.object({ en: schema, zh: schema })
}

const line = (max: number) => v.pipe(text(max, 0), v.transform(plainName))
const offset = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(widgetOffsetMax))

export const widgetSettings = v.object({
  title: v.pipe(byLanguage(line(widgetTitleMaxLength)), v.description('Empty: the built-in one')),
  greeting: v.pipe(
    byLanguage(text(widgetGreetingMaxLength, 0)),
    v.description('The first line is a heading, what follows stands below it. Empty: the built-in one'),
  ),
  starters: v.pipe(
    byLanguage(
      v.pipe(
        v.array(v.pipe(line(widgetStarterMaxLength), v.minLength(1, 'must not be empty'))),
        v.maxLength(widgetStartersMax),
      ),
    ),
    v.description('Questions to begin with. None: the built-in ones'),
  ),
  color: v.pipe(
    v.nullable(
      v.pipe(v.string(), v.regex(/^#[\da-f]{6}$/i, 'must be a colour like #0b6b5b'), v.toLowerCase()),
    ),
    v.description('Of the launcher, buttons and own messages; null: the built-in one'),
  ),
  logo_url: v.pipe(v.nullable(webAddress(2048)), v.description('A picture beside the title; null: none')),
  launcher: v.pipe(
    v.picklist(['shown', 'hidden']),
    v.description('`hidden`: only the page opens the chat, by `Parley.open()`'),
  ),
  side: v.picklist(['left', 'right']),
  offset_x: v.pipe(offset, v.description('Pixels between the launcher and that side')),
  offset_y: v.pipe(offset, v.description('Pixels between the launcher and the bottom')),
  z_index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(widgetZIndexMax)),
})
export type WidgetSettings = v.InferOutput<typeof widgetSettings>

export const widgetOperations = {
  'widget:settings': operation({
    summary: 'How the widget looks on every page that embeds it; what a page says in `init` goes before.',
    role: 'admin',
    access: 'role',
    namespaces: ['agent'],
    example: {},
    input: v.object({}),
    output: v.object({ settings: widgetSettings, defaults: widgetSettings }),
    http: [{ method: 'GET', path: '/admin/widget' }],
  }),
  'widget:set': operation({
    summary: 'Change them; what is not given stays. Pages that are loaded from then on have it.',
    role: 'admin',
    access: 'role',
    namespaces: ['agent'],
    example: { color: '#0b6b5b', side: 'left', title: { en: 'Ask Fernwood', zh: '咨询枫林' } },
    input: v.partial(widgetSettings),
    output: v.object({ settings: widgetSettings }),
    http: [{ method: 'PUT', path: '/admin/widget' }],
  }),
} satisfies Operations
