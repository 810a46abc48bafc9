import type { Phrases } from './phrases.ts'

export const phrasesEn: Phrases = {
  greeting: 'Hello! What would you like to know about our products or our service?',
  thanks: 'You are welcome. Is there anything else you would like to know?',
  person:
    'You can talk to a person. Just ask for one, and a colleague will take over this conversation as soon as someone is free.',
  goodbye: 'Goodbye, and thank you for stopping by!',
  robot:
    'I am the shop’s automatic assistant, not a person. I answer from the catalogue and the documents of the shop; if you would rather talk to a person, just say so.',
  wellbeing: 'I am doing fine, thank you. What can I do for you?',
  abilities:
    'I am the shop’s assistant. I can find products for you, compare them, tell you what the catalogue says about each of them, and answer questions about delivery, returns or payment. What would you like to know?',
  acknowledged: 'All right. If there is anything else you would like to know, just ask.',
  anger:
    'I am sorry that I could not help. I can ask a person to take over this conversation, or you can tell me once more what you need.',
  medical:
    'I cannot give medical advice. Please ask a doctor or a pharmacist, and in an emergency call the emergency services.',
  ownOrder: 'I cannot look up individual orders. If you ask for a person, a colleague will check it.',
  whatElse:
    'Could you tell me a little more? For example the product you mean, or what you would like to know about delivery or returns.',
  whichProduct: 'Which product do you mean? Tell me its name, or what you need it for and your budget.',
  nothing:
    'I could not find anything about this in the catalogue or the documents. Could you put it in other words? You can also ask to talk to a person.',
  nothingInFile:
    'I could not find an answer to this in your file, nor in the catalogue or the documents. Could you put it in other words? You can also ask to talk to a person.',
  nearest: missing =>
    missing.length > 0
      ? `I found nothing about “${missing.join('”, “')}”. The closest I have:`
      : 'I am not sure this answers your question, but it is the closest I have:',
  otherLanguage: 'I found this in Chinese only:',
  fitting: count => (count === 1 ? 'This one fits:' : 'These fit:'),
  best: (label, extreme) => `${extreme} ${label}:`,
  some: 'Some of what we have:',
  ofKind: 'The catalogue does not say more about that. What we have of this kind:',
  catalogueSays: 'I can only tell you what the catalogue says:',
  next: 'After that:',
  variants: (count, name) => `There are ${count} products called ${name}:`,
  comparison: 'Side by side:',
  foreignCurrency: (foreign, own) =>
    `Our prices are in ${own}, and I did not convert your amount in ${foreign}.`,
  unlisted: what => `The catalogue does not list this: ${what}.`,
  unmentioned: (title, what) =>
    `The catalogue does not mention “${what.join('”, “')}” for the ${title}. It says:`,
  yes: 'Yes.',
  no: 'No.',
  comma: ', ',
  colon: ': ',
  space: ' ',
  inline: lowerFirst,
  fact: (title, label, value, mark) =>
    `The ${label} of the ${title} ${/[^s]s$/.test(label) ? 'are' : 'is'} ${value} ${mark}.`,
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
