export const en = {
  searchReplies: 'Search replies',
  newReply: 'New reply',
  shortcut: 'Shortcut',
  shortcutHint: 'Letters, digits, _ and -. Type / and the shortcut to use the reply.',
  text: 'Text',
  variables: 'You can use: {names}',
  language: 'Language',
  anyLanguage: 'Any language',
  noReplies: 'No replies yet',
  noRepliesText: 'Save the answers you give often, and use them with / while writing.',
}
