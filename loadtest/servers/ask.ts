import type { ChatModel, ChatRequest } from '../../server/providers/model.ts'

const request: ChatRequest = {
  question: { text: 'Which laptop is light?', earlier: [], language: 'en', context: {} },
  history: [],
  evidence: [],
}

/** Reads one answer of the stub through the product's own client, and nothing else. */
export async function askStub(model: ChatModel, onText: (text: string) => void): Promise<void> {
  await model.answer(request, onText, new AbortController().signal)
}
