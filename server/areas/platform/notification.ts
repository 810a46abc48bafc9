import { toPage } from '#protocol'
import type { notificationOperations } from '#protocol/platform/notification'
import type { NotificationStorage } from '#storage/platform/notification'
import { type Handlers, personOf } from '../../core/call.ts'

/** What somebody should see although they were not looking. */
export function notificationArea({ storage }: { storage: NotificationStorage }) {
  const handlers: Handlers<typeof notificationOperations> = {
    async 'notification:list'(query, call) {
      const { id } = personOf(call)
      const [{ items, total }, unread] = await Promise.all([storage.list(id, query), storage.unread(id)])
      return { ...toPage(items, total, query), unread }
    },

    async 'notification:read'({ notification_ids }, call) {
      const { id } = personOf(call)
      await storage.read(id, notification_ids)
      return { unread: await storage.unread(id) }
    },
  }

  return { handlers }
}
