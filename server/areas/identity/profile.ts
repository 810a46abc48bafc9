import { OperationError } from '#protocol'
import { pictureMaxBytes, pictureTypes } from '#protocol/core/limits'
import type { User } from '#protocol/identity/auth'
import type { Profile, profileOperations } from '#protocol/identity/profile'
import type { ProfileStorage } from '#storage/identity/profile'
import { actorOf, type Handlers, personOf, uploadedFile } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'
import { pictureMimeOf } from '../../ingest/attachment.ts'

export interface ProfileDeps {
  storage: ProfileStorage
  /** The account of that id. */
  describe(id: string): Promise<User | null>
}

/** The own account. */
export function profileArea({ storage, describe }: ProfileDeps) {
  const handlers: Handlers<typeof profileOperations> = {
    async 'profile:get'(_input, call) {
      return { profile: await profileOf(personOf(call).id) }
    },

    async 'profile:update'({ name }, call) {
      const { id } = personOf(call)
      await storage.rename(id, name, actorOf(call))
      return { profile: await profileOf(id) }
    },

    async 'profile:set_picture'({ file }, call) {
      const { bytes } = uploadedFile(file)
      if (bytes.byteLength > pictureMaxBytes)
        throw new OperationError('PAYLOAD_TOO_LARGE', 'The picture is larger than 1 MB.', {
          max_bytes: pictureMaxBytes,
        })
      const mime = pictureMimeOf(bytes)
      if (!mime)
        throw new OperationError(
          'UNSUPPORTED_MEDIA_TYPE',
          'A profile picture must be a PNG, JPEG, WebP or GIF.',
          {
            types: pictureTypes,
          },
        )
      const id = newId()
      const avatar_url = `/api/v1/pictures/${id}`
      await storage.setPicture(personOf(call).id, { id, mime, content: bytes }, avatar_url)
      return { avatar_url }
    },

    async 'profile:remove_picture'(_input, call) {
      await storage.removePicture(personOf(call).id)
      return { avatar_url: null }
    },

    async 'profile:picture'({ picture_id }) {
      const picture = await storage.findPicture(picture_id)
      if (!picture) throw new OperationError('NOT_FOUND', 'There is no such picture.')
      return { name: picture.id, mime: picture.mime, body: [picture.content], isPublic: true }
    },
  }

  async function profileOf(id: string): Promise<Profile> {
    const [user, facts] = await Promise.all([describe(id), storage.facts(id)])
    if (!user) throw new OperationError('UNAUTHORIZED', 'This account no longer exists.')
    return { ...user, ...facts }
  }

  return { handlers }
}
