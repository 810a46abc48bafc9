export const en = {
  open: 'Open',
  done: 'Done',
  state: 'Status',
  contact: 'Contact',
  message: 'Message',
  left: 'Received',
  settle: 'Mark as done',
  reopen: 'Reopen',
  noContacts: 'No messages',
  noContactsText:
    'When no one is available, visitors can leave their contact details. You’ll find them here.',
}
