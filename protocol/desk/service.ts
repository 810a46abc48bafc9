import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import {
  agentCapacityMax,
  contactMessageMaxLength,
  holidayNameMaxLength,
  leadsMax,
  offerAfterMax,
  serviceMaxSeconds,
  statisticsMaxDays,
  teamNameMaxLength,
} from '../core/limits.ts'
import { name } from '../core/name.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, mailbox, page, paging, phone, priority, text, time, timeZone } from '../core/shapes.ts'
import { statistics } from '../core/statistics.ts'

const staff = ['agent'] as const

const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(serviceMaxSeconds))
const clock = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be HH:MM, up to 24:00'))
const interval = v.pipe(
  v.object({ from: clock, to: clock }),
  v.check(({ from, to }) => from < to, 'must end after it begins; one over midnight is two'),
)
const intervals = v.pipe(v.array(interval), v.maxLength(10))
const date = v.pipe(v.string(), v.isoDate('must be YYYY-MM-DD'))
const phrases = v.pipe(v.array(text(100)), v.maxLength(200))
const byLanguage = v.object({ en: phrases, zh: phrases })

const hoursFields = {
  time_zone: timeZone,
  weekdays: v.pipe(
    v.array(intervals),
    v.length(7, 'must have seven days'),
    v.description('From Sunday on; a day without intervals is closed'),
  ),
  holidays: v.pipe(
    v.array(
      v.object({ date, name: v.optional(name(holidayNameMaxLength)), intervals: v.optional(intervals, []) }),
    ),
    v.maxLength(400),
    v.description('Days with hours of their own, or none'),
  ),
}
export const hours = v.object(hoursFields)
export type Hours = v.InferOutput<typeof hours>

const slaFields = {
  first_response_s: v.nullable(seconds),
  next_response_s: v.nullable(seconds),
  resolution_s: v.nullable(seconds),
  only_in_hours: v.boolean(),
}

const priorityFields = {
  initial: priority,
  angry: v.pipe(priority, v.description('Where the visitor has shown anger')),
  lost: v.pipe(priority, v.description('Where the agent was lost')),
}

const ruleFields = { enabled: v.boolean(), phrases: byLanguage }
const rulesFields = {
  direct: v.pipe(v.object(ruleFields), v.description('A message with one of these is handed over at once')),
  anger: v.pipe(v.object(ruleFields), v.description('A message with one of these is offered a person, once')),
  failed_turns: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(offerAfterMax),
    v.description('So many failed or badly rated answers in a row offer a person, once; 0: never'),
  ),
  no_evidence: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(offerAfterMax),
    v.description('So many answers without a source in a row offer a person, once; 0: never'),
  ),
}

const fields = {
  routing: v.pipe(
    v.picklist(['manual', 'round_robin', 'least_loaded']),
    v.description('Agents take, or are assigned, up to their capacity'),
  ),
  visibility: v.pipe(
    v.picklist(['own', 'team', 'handed_over', 'all']),
    v.description(
      'What agents see: who waits and whom they had; those of their teams and of colleagues there too; all in which a person was ' +
        'asked for or took over; all, those with the AI too',
    ),
  ),
  leads: v.pipe(
    v.array(id),
    v.maxLength(leadsMax),
    v.description('Agents who see every conversation and may take it over, as administrators do'),
  ),
  capacity: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(agentCapacityMax),
    v.description('Conversations an agent is assigned who did not say'),
  ),
  hours: v.pipe(v.nullable(hours), v.description('null: always open')),
  time_zone: v.pipe(
    v.nullable(timeZone),
    v.description("Whose days the figures count; null: that of the opening hours, else the server's"),
  ),
  wait_limit_s: v.pipe(v.nullable(seconds), v.description('null: HANDOFF_TIMEOUT_S')),
  silence_s: v.pipe(
    v.nullable(seconds),
    v.description(
      'A visitor whom the agent leaves without an answer for so long goes back to the queue; null: never',
    ),
  ),
  notify_email: v.pipe(
    v.nullable(mailbox),
    v.description('Where a mail goes when a visitor leaves an address; null: it is only listed'),
  ),
  sla: v.pipe(v.object(slaFields), v.description('Staff are warned when one is passed; null: never')),
  priorities: v.object(priorityFields),
  rules: v.object(rulesFields),
}

export const settings = v.object(fields)
export type Settings = v.InferOutput<typeof settings>

const ruleChange = v.object({
  enabled: v.optional(ruleFields.enabled),
  phrases: v.optional(v.partial(byLanguage)),
})
/** What is not given stays, in the groups too; a list is given whole. */
export const settingsChange = v.object({
  ...v.partial(settings).entries,
  hours: v.optional(v.nullable(v.partial(hours))),
  sla: v.optional(v.partial(v.object(slaFields))),
  priorities: v.optional(v.partial(v.object(priorityFields))),
  rules: v.optional(
    v.object({
      ...v.partial(v.object(rulesFields)).entries,
      direct: v.optional(ruleChange),
      anger: v.optional(ruleChange),
    }),
  ),
})
export type SettingsChange = v.InferOutput<typeof settingsChange>

export const team = v.object({ id, name: v.string(), members: v.array(id) })
export type Team = v.InferOutput<typeof team>

export const contact = v.object({
  id,
  conversation_id: id,
  email: v.nullable(v.string()),
  phone: v.nullable(v.string()),
  message: v.nullable(v.string()),
  done: v.boolean(),
  created_at: time,
})
export type Contact = v.InferOutput<typeof contact>

export const feedback = v.object({
  id,
  conversation_id: id,
  kind: v.pipe(v.picklist(['talk', 'answer']), v.description('With a person, 1 to 5; of the AI, -1 or 1')),
  rating: v.number(),
  comment: v.nullable(v.string()),
  agent: v.pipe(v.nullable(v.object({ id, name: v.nullable(v.string()) })), v.description('Of a talk')),
  at: time,
})
export type Feedback = v.InferOutput<typeof feedback>

export const serviceOperations = {
  'handoff:settings': operation({
    summary: 'How the desk is run: rules, hours, routing, priorities, thresholds.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({ settings }),
    http: [{ method: 'GET', path: '/admin/handoff/settings' }],
  }),
  'handoff:configure': operation({
    summary: 'Change how the desk is run; what is not given stays.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { routing: 'least_loaded', capacity: 4, wait_limit_s: 300 },
    input: settingsChange,
    output: v.object({ settings }),
    http: [{ method: 'PUT', path: '/admin/handoff/settings' }],
  }),
  'handoff:statistics': operation({
    summary: 'Figures of the desk over the last days, or from one day to another, and now.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { days: 7 },
    input: v.object({
      days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(statisticsMaxDays)), 30),
      from: v.optional(
        v.pipe(date, v.description('With `to`, in place of `days`: in the time zone of the desk')),
      ),
      to: v.optional(v.pipe(date, v.description(`This day too; at most ${statisticsMaxDays} of them`))),
    }),
    output: statistics,
    http: [{ method: 'GET', path: '/admin/handoff/statistics' }],
  }),
  'feedback:list': operation({
    summary:
      'What visitors say of talks and answers, newest first: of conversations that whoever asks may open.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { commented: true },
    input: v.object({
      ...paging,
      commented: v.pipe(v.optional(v.boolean(), false), v.description('Only what has words with it')),
    }),
    output: page(feedback),
    http: [{ method: 'GET', path: '/admin/handoff/feedback' }],
  }),
  'handoff:contact': operation({
    summary: 'Leave an address because nobody is there; a later one of the same conversation replaces it.',
    role: 'visitor',
    access: 'own',
    consent: true,
    namespaces: ['visitor'],
    rate: 'message',
    example: {
      conversation_id: exampleIds.conversation_id,
      email: 'ada@mail.example',
      message: 'Please write to me about my order.',
    },
    input: v.pipe(
      v.object({
        conversation_id: id,
        email: v.optional(mailbox),
        phone: v.optional(phone),
        message: v.optional(text(contactMessageMaxLength)),
      }),
      v.forward(
        v.check(
          input => (input.email ?? input.phone) !== undefined,
          'an e-mail address or a phone number is required',
        ),
        ['email'],
      ),
    ),
    output: v.object({ contact }),
    errors: ['CONVERSATION_NOT_FOUND'],
    http: [{ method: 'POST', path: '/handoff/contact', aliases: { session_id: 'conversation_id' } }],
  }),
  'contact:list': operation({
    summary: 'Addresses that visitors left, newest first.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { done: false },
    input: v.object({ ...paging, done: v.optional(v.boolean()) }),
    output: page(contact),
    http: [{ method: 'GET', path: '/admin/handoff/contacts' }],
  }),
  'contact:settle': operation({
    summary: 'Mark an address as written to, or not.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { contact_id: exampleIds.contact_id, done: true },
    input: v.object({ contact_id: id, done: v.boolean() }),
    output: v.object({ contact }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'PUT', path: '/admin/handoff/contacts/{contact_id}' }],
  }),
  'team:list': operation({
    summary: 'The teams and who is in them.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({ teams: v.array(team) }),
    http: [{ method: 'GET', path: '/admin/teams' }],
  }),
  'team:save': operation({
    summary: 'Make a team, or change the one of that id; what is not given stays.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { name: 'Returns', members: [] },
    input: v.pipe(
      v.object({
        team_id: v.optional(id),
        name: v.optional(name(teamNameMaxLength)),
        members: v.optional(v.pipe(v.array(id), v.maxLength(1000))),
      }),
      v.forward(
        v.check(
          ({ team_id, name }) => team_id !== undefined || name !== undefined,
          'is required for a new one',
        ),
        ['name'],
      ),
    ),
    output: v.object({ team }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [
      { method: 'POST', path: '/admin/teams' },
      { method: 'PUT', path: '/admin/teams/{team_id}' },
    ],
  }),
  'team:delete': operation({
    summary: 'Remove a team; what waits for it waits for everybody.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { team_id: exampleIds.team_id },
    input: v.object({ team_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/teams/{team_id}' }],
  }),
} satisfies Operations
