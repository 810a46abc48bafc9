export const en = {
  macrosText:
    'A reply, labels and where the conversation goes, in one step. Type / while writing to use one.',
  newMacro: 'New macro',
  noMacros: 'No macros yet',
  noMacrosText: 'Make one for what you do many times a day: say it, label it, complete it.',
  nameTaken: 'There is a macro with this name already.',
  name: 'Name',
  text: 'Reply',
  textHint:
    'Empty: nothing is said. {{visitor.name}}, {{agent.name}}, {{page.url}} and {{page.product}} are filled in.',
  labels: 'Labels',
  noLabels: 'Labels are made under “Labels”.',
  outcome: 'Then',
  stays: 'It stays with the agent',
  complete: 'Complete it',
  snooze: 'Snooze it until the visitor writes',
  toAi: 'Give it to the AI',
  toQueue: 'Back to the queue',
  toTeam: 'To the team {name}',
  toAgent: 'To {name}',
  toGone: 'To someone who is no longer here',
  agent: 'an agent',
}
