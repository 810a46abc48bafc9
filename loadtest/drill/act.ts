import type { Person } from './cast.ts'
import type { Scene } from './scene.ts'

const key = () => crypto.randomUUID()

/** What the visitor does. */
export async function actVisitor(scene: Scene, verb: string, text = ''): Promise<void> {
  const { visitor, id } = scene
  if (verb === 'says') {
    const { message } = await visitor.ask('message:send', {
      conversation_id: id,
      key: key(),
      content: text,
    })
    scene.questionId = message.id
  } else if (verb === 'requests') {
    await visitor.ask('handoff:request', { conversation_id: id, key: key() })
  } else if (verb === 'cancels') await visitor.ask('handoff:cancel', { conversation_id: id })
  else if (verb === 'leaves an address')
    await visitor.ask('handoff:contact', { conversation_id: id, email: 'drill@example.com' })
  else if (verb === 'leaves') visitor.leave()
  else {
    const seen = visitor.received.findLast(({ payload }) => payload?.seq)?.payload.seq ?? 0
    await visitor.comeBack()
    const { events } = await visitor.ask('conversation:open', { conversation_id: id, since_seq: seen })
    for (const { event, payload } of events) visitor.received.push({ event, payload })
  }
}

/** What somebody of the staff does. */
export async function actStaff(scene: Scene, person: Person, verb: string, text = ''): Promise<void> {
  if (verb === 'accepts') {
    await person.ask('handoff:accept', { handoff_id: await presentHandoff(scene), key: key() })
    scene.owner = person
  } else if (verb === 'completes') {
    await person.ask('handoff:complete', { handoff_id: await presentHandoff(scene), key: key() })
  } else if (verb === 'says') {
    scene.spoken.push(text)
    await person.ask('message:send', { conversation_id: scene.id, key: key(), content: text })
  } else if (verb === 'leaves') person.leave()
  else await person.comeBack()
}

/** The handoff of this conversation, as the visitor is shown it. */
async function presentHandoff(scene: Scene): Promise<string> {
  const { handoff } = await scene.visitor
    .ask('handoff:get', { conversation_id: scene.id })
    .catch(() => ({ handoff: null }))
  scene.handoffId = handoff?.id ?? scene.handoffId
  return scene.handoffId
}

/** Two accept at once, and one of them wins. */
export async function acceptBoth(scene: Scene): Promise<void> {
  const { agent, colleague } = scene
  const handoff_id = await presentHandoff(scene)
  const replies = await Promise.all(
    [agent, colleague].map(person => person.call('handoff:accept', { handoff_id, key: key() })),
  )
  const winners = replies.filter(reply => reply.success)
  const refused = replies.find(reply => !reply.success)
  if (winners.length !== 1 || !refused || refused.success) throw new Error(`${winners.length} of two won`)
  if (refused.error.code !== 'CONFLICT') throw new Error(`the other was told ${refused.error.code}`)
  scene.owner = replies[0]!.success ? agent : colleague
}
