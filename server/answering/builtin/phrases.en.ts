import type { Phrases } from './phrases.ts'

export const phrasesEn: Phrases = {
  greeting: 'Hello! What would you like to know about our products or our service?',
  thanks: 'You are welcome. Is there anything else you would like to know?',
  person:
    'You can talk to a person: ask for one and a colleague takes over this conversation as soon as somebody is free.',
  whatElse:
    'Could you tell me a little more? For example the product you mean, or what you would like to know about delivery or returns.',
  whichProduct: 'Which product do you mean? Tell me its name, or what it should be able to do and cost.',
  nothing:
    'I could not find anything about this in the catalogue or the documents. Could you put it in other words? You can also ask to talk to a person.',
  nothingInFile:
    'I could not find an answer to this in your file, nor in the catalogue or the documents. Could you put it in other words? You can also ask to talk to a person.',
  otherLanguage: 'I found this in Chinese only:',
  fitting: count => (count === 1 ? 'This one fits:' : 'These fit:'),
  best: (label, extreme) => `${extreme} ${label}:`,
  some: 'Some of what we have:',
  ofKind: 'The catalogue does not say more about that. Of this kind we have:',
  catalogueSays: 'I can only tell you what the catalogue says:',
  next: 'After that:',
  variants: (count, name) => `There are ${count} products called ${name}:`,
  comparison: 'Side by side:',
  foreignCurrency: (foreign, own) => `Our prices are in ${own}; I did not convert your amount in ${foreign}.`,
  unlisted: what => `The catalogue does not list this: ${what}.`,
  yes: 'Yes.',
  no: 'No.',
  space: ' ',
  inline: lowerFirst,
  fact: (title, label, value, mark) => `The ${label} of the ${title} is ${value} ${mark}.`,
  facts: (title, parts, mark) => `${title}: ${parts.join(', ')} ${mark}.`,
  valued: (label, value) => `${label} ${value}`,
  answered: (label, value) => `${label}: ${value}`,
  fullStop: '.',
  extreme(attribute, lowest) {
    if (attribute?.high.includes('large') || attribute?.id === 'memory' || attribute?.id === 'storage')
      return lowest ? 'Smallest' : 'Largest'
    if (attribute?.high.includes('long')) return lowest ? 'Shortest' : 'Longest'
    return lowest ? 'Lowest' : 'Highest'
  },
}

/** Not of an abbreviation: "SSD". */
function lowerFirst(label: string): string {
  return /^\p{Lu}{2}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1)
}
