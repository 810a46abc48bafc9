export const en = {
  open: 'Open',
  done: 'Done',
  state: 'State',
  contact: 'Contact',
  message: 'Message',
  left: 'Left',
  settle: 'Mark as done',
  reopen: 'Open again',
  noContacts: 'No contacts',
  noContactsText: 'Visitors can leave one when nobody is here.',
}
