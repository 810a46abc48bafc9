import type { Language } from '#protocol'
import type { OfferReason } from './rules.ts'

/** What the visitor is told at a change, as a system message in the conversation. */
export interface Words {
  waiting: string
  nobody: string
  /** Outside hours; `opens` is when they begin again, if that is near. */
  closed(opens: string | null): string
  closing(opens: string | null): string
  accepted(name: string | null): string
  transferred(name: string | null): string
  requeued: string
  lost: string
  silent: string
  completed: string
  returned: string
  cancelled: string
  left: string
  timeout: string
  /** Not taken into the queue: they wait in another conversation; their network has asked too often. */
  elsewhere: string
  crowded: string
  /** Staff closed the conversation. */
  ended: string
  offer: Readonly<Record<OfferReason, string>>
}

const en: Words = {
  waiting:
    'A person will take over. You’ll see your place in the queue, and you can keep writing while you wait.',
  nobody:
    'Nobody is available right now. You keep your place in the queue, or leave your contact details and we’ll get back to you.',
  closed: opens =>
    `We are closed at the moment${opens ? ` and open again ${opens}` : ''}. You keep your place in the queue, or leave your contact details and we’ll get back to you.`,
  closing: opens =>
    `We are closing now${opens ? ` and open again ${opens}` : ''}. Leave your contact details and we’ll get back to you.`,
  accepted: name => `${name ?? 'A colleague'} has joined the conversation.`,
  transferred: name => `${name ?? 'A colleague'} is taking over from here.`,
  requeued: 'You’re back in the queue. The next available colleague will take over.',
  lost: 'Our colleague lost the connection. You’re back near the front of the queue.',
  silent: 'Sorry that you had to wait. You’re back near the front of the queue.',
  completed: 'The talk with our colleague has ended. The assistant can help with anything else.',
  returned: 'The assistant continues from here.',
  cancelled: 'You’re no longer waiting for a person. The assistant continues from here.',
  left: 'You’ve ended the talk with our colleague. The assistant continues from here.',
  timeout:
    'Sorry, nobody was free in time. The assistant continues from here, and you can ask for a person again at any time.',
  elsewhere:
    'You’re already waiting for a person in another conversation. Please continue there: your place is kept.',
  crowded:
    'There have been many requests for a person from your network. Please try again in a few minutes. Until then, the assistant can help.',
  ended: 'Our team has closed this conversation. You can start a new one at any time.',
  offer: {
    anger: 'I’m sorry this isn’t going well. Would you like to talk to a person?',
    failed: 'I’m having trouble answering this. Would you like to talk to a person?',
    nothing: 'I can’t find what you’re looking for. Would you like to talk to a person?',
  },
}

const zh: Words = {
  waiting: '已为您转接人工。稍后会告诉您排队位置，等待期间您可以继续留言。',
  nobody: '目前没有客服在线。您的排队位置会保留，也可以留下联系方式，我们会联系您。',
  closed: opens =>
    `现在不在服务时间${opens ? `，${opens}恢复服务` : ''}。您的排队位置会保留，也可以留下联系方式，我们会联系您。`,
  closing: opens =>
    `人工服务即将结束${opens ? `，${opens}恢复服务` : ''}。您可以留下联系方式，我们会联系您。`,
  accepted: name => `${name ?? '客服'}已加入对话，接下来由其为您服务。`,
  transferred: name => `接下来由${name ?? '另一位客服'}为您服务。`,
  requeued: '您已回到排队中，下一位空闲的客服会接手。',
  lost: '与客服的连接中断。您已回到队列前列，请稍候。',
  silent: '抱歉让您久等了。您已回到队列前列，请稍候。',
  completed: '人工服务已结束。如还有问题，智能助手会继续为您解答。',
  returned: '接下来由智能助手继续为您服务。',
  cancelled: '已取消转人工，由智能助手继续为您服务。',
  left: '您已结束人工服务，由智能助手继续为您服务。',
  timeout: '抱歉，暂时没有客服能够接手。智能助手会继续为您服务，您可以随时再次要求转人工。',
  elsewhere: '您已在另一个对话中排队等待人工，排队位置会为您保留，请回到那个对话继续。',
  crowded: '您所在的网络刚刚有很多人申请人工服务，请过几分钟再试，期间智能助手会继续为您服务。',
  ended: '客服已结束本次对话。如有需要，您可以随时开始新的对话。',
  offer: {
    anger: '很抱歉给您带来不好的体验。需要为您转接人工吗？',
    failed: '我在回答时遇到了问题。需要为您转接人工吗？',
    nothing: '我没有找到相关内容。需要为您转接人工吗？',
  },
}

export const words: Readonly<Record<Language, Words>> = { en, zh }

/** A time as the visitor reads it: the weekday within a week, the date beyond. */
export function whenIn(language: Language, at: number, timeZone: string, now: number): string {
  const isNear = at - now < 6 * 86_400_000
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone,
    ...(isNear ? { weekday: 'long' } : { month: 'long', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  }).format(at)
}
