import { maskPersonal } from '../../security/masking.ts'
import type { ChatModel, ChatRequest } from '../model.ts'

/** A model that reads what people wrote without the numbers that are theirs, while `isOn` says so. */
export function maskedModel(model: ChatModel, isOn: () => boolean): ChatModel {
  return {
    ...model,
    answer: (request, onText, signal) => model.answer(isOn() ? masked(request) : request, onText, signal),
  }
}

function masked(request: ChatRequest): ChatRequest {
  const { question, history, evidence, memories, guidance } = request
  return {
    ...request,
    question: {
      ...question,
      text: maskPersonal(question.text),
      earlier: question.earlier.map(maskPersonal),
      context: { ...question.context, url: question.context.url && maskPersonal(question.context.url) },
    },
    evidence: evidence.map(one =>
      one.source === 'upload'
        ? { ...one, text: maskPersonal(one.text), title: maskPersonal(one.title) }
        : one,
    ),
    memories: memories?.map(maskPersonal),
    guidance: guidance?.map(maskPersonal),
    history: history.map(turn => ({ ...turn, text: maskPersonal(turn.text) })),
  }
}
