export const en = {
  searchReplies: 'Search replies',
  newReply: 'New reply',
  shortcut: 'Shortcut',
  shortcutHint: 'Letters, digits, _ and -; called with / while writing',
  text: 'Text',
  variables: 'Filled in: {names}',
  language: 'Language',
  anyLanguage: 'Any language',
  en: 'English',
  zh: 'Chinese',
  noReplies: 'No ready-made replies',
  noRepliesText: 'Make one for what you write again and again.',
}
