import * as v from 'valibot'
import { exampleIds, examplePicture } from '../core/example.ts'
import { personNameMaxLength, pictureMaxBytes } from '../core/limits.ts'
import { name } from '../core/name.ts'
import { type Operations, operation } from '../core/operation.ts'
import { avatarUrl, id } from '../core/shapes.ts'
import { user } from './auth.ts'

/** What multipart puts around a file. */
const wrappingBytes = 65_536

export const profile = v.object({
  ...user.entries,
  avatar_url: avatarUrl,
  second_factor: v.boolean(),
  recovery_codes: v.pipe(v.number(), v.description('How many are left')),
})
export type Profile = v.InferOutput<typeof profile>

export const profileOperations = {
  'profile:get': operation({
    summary: 'The own account, as its owner sees it.',
    role: 'user',
    access: 'self',
    example: {},
    input: v.object({}),
    output: v.object({ profile }),
    http: [{ method: 'GET', path: '/auth/profile' }],
  }),
  'profile:update': operation({
    summary: 'Change the own name, which visitors see beside what staff write. New tokens carry it.',
    role: 'user',
    access: 'self',
    rate: 'message',
    example: { name: 'Grace' },
    input: v.object({ name: name(personNameMaxLength) }),
    output: v.object({ profile }),
    http: [{ method: 'PUT', path: '/auth/profile' }],
  }),
  'profile:set_picture': operation({
    summary:
      'A picture of oneself for visitors and colleagues: PNG, JPEG, WebP or GIF. Takes the place of the one before.',
    role: 'agent',
    access: 'self',
    rate: 'message',
    example: { file: examplePicture },
    input: v.object({ file: v.any() }),
    output: v.object({ avatar_url: avatarUrl }),
    errors: ['UNSUPPORTED_MEDIA_TYPE'],
    http: [
      {
        method: 'POST',
        path: '/auth/profile/picture',
        body: 'multipart',
        maxBytes: pictureMaxBytes + wrappingBytes,
      },
    ],
  }),
  'profile:remove_picture': operation({
    summary: 'Without a picture again: the first letters of the name stand there.',
    role: 'agent',
    access: 'self',
    rate: 'message',
    example: {},
    input: v.object({}),
    output: v.object({ avatar_url: avatarUrl }),
    http: [{ method: 'DELETE', path: '/auth/profile/picture' }],
  }),
  'profile:picture': operation({
    summary: 'The picture at an `avatar_url`, for whoever knows that.',
    role: 'anyone',
    access: 'role',
    example: { picture_id: exampleIds.picture_id },
    input: v.object({ picture_id: id }),
    output: v.any(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/pictures/{picture_id}', response: 'file' }],
  }),
} satisfies Operations
