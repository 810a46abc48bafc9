import * as v from 'valibot'

const spread = v.object({
  count: v.number(),
  median_ms: v.nullable(v.number()),
  p90_ms: v.nullable(v.number()),
})

/** Requests are for a person; each counts on the day it was made, and a conversation on the day it began. */
export const statistics = v.object({
  now: v.object({
    pending: v.pipe(v.number(), v.description('Requests that nobody has taken')),
    active: v.pipe(v.number(), v.description('Conversations that a person has')),
    online_agents: v.number(),
    longest_wait_ms: v.pipe(
      v.nullable(v.number()),
      v.description('Since the request, of whoever waits now, also where somebody had them in between'),
    ),
  }),
  time_zone: v.pipe(v.string(), v.description('Whose days these are')),
  wait: v.pipe(spread, v.description('From the request to the first accept, of requests that somebody took')),
  first_response: v.pipe(
    spread,
    v.description(
      'From the request to the first word of a person, whoever said it, of requests that had one',
    ),
  ),
  resolution: v.pipe(
    spread,
    v.description(
      'From the request to the end of the talk, of those that were completed or that the visitor left',
    ),
  ),
  conversations: v.pipe(
    v.number(),
    v.description('Begun in these days, in which the visitor has said something or asked for a person'),
  ),
  resolved_by_ai: v.pipe(
    v.number(),
    v.description(
      'Of these conversations, where no person was asked for or took over: the last answer, courtesies aside, is whole, has a source, and was ' +
        'not rated unhelpful',
    ),
  ),
  handed_over: v.pipe(
    v.number(),
    v.description('Of these conversations, in how many a person was asked for, or took over'),
  ),
  requests: v.pipe(v.number(), v.description('For a person; a conversation may have several')),
  taken_over: v.pipe(
    v.number(),
    v.description('How often somebody of the staff took over from the AI without having been asked'),
  ),
  missed: v.pipe(v.number(), v.description('Of these requests, those that nobody took in time')),
  cancelled: v.pipe(
    v.number(),
    v.description('Of these requests, those that the visitor withdrew while waiting'),
  ),
  rating: v.pipe(
    v.object({ count: v.number(), average: v.nullable(v.number()) }),
    v.description('What visitors said of the talks, 1 to 5'),
  ),
  days: v.array(
    v.object({
      date: v.pipe(v.string(), v.description('In `time_zone`')),
      conversations: v.number(),
      handed_over: v.number(),
      resolved: v.number(),
      missed: v.number(),
      first_response_ms: v.pipe(v.nullable(v.number()), v.description('The median')),
      rating: v.nullable(v.number()),
    }),
  ),
})
export type Statistics = v.InferOutput<typeof statistics>
