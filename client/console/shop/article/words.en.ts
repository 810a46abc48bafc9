export const en = {
  intro:
    'Your own answers. Anyone who asks the same, even in other words, gets yours word for word, before any model or document.',
  searchArticles: 'Search answers',
  newArticle: 'New answer',
  question: 'Question',
  questionsLabel: 'Questions',
  questionsHint:
    'One per line: the same question in several ways. The more ways, the more surely it is recognised.',
  answer: 'Answer',
  answerHint: 'Visitors see it as you write it, with a reference to your answer. Markdown works.',
  language: 'Language',
  validFrom: 'Valid from',
  validUntil: 'Valid until',
  validHint: 'Leave empty for no end. After that day it is no longer given.',
  state: 'Status',
  valid: 'In use',
  ending: 'Ends soon',
  endsOn: 'Until {date}',
  upcoming: 'Not yet',
  startsOn: 'From {date}',
  expired: 'Expired',
  changed: 'Changed',
  moreWays: '+ {count} more ways to ask',
  noArticles: 'No answers of your own yet',
  noArticlesText:
    'Write one here, or under Questions, for something visitors asked without getting an answer.',
}
