export const en = {
  text: 'Visitors asked this, and no product or document had an answer. Add a document that does.',
  addDocument: 'Add a document',
  question: 'Question',
  times: 'Asked',
  lastAsked: 'Last asked',
  none: 'No unanswered questions',
  noneText: 'Every question in this period was answered from your products and documents.',
}
