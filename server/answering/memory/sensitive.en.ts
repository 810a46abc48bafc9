import type { SensitiveWords } from './screen.ts'

export const sensitiveEn: SensitiveWords = {
  secret:
    /\b(?:pass[- ]?(?:word|code|phrase|wd)s?|pwd|pin(?: code| number)?|secrets?|api[- ]?keys?|access (?:key|token)s?|tokens?|private key|ssh key|seed phrase|recovery (?:code|phrase|key)s?|credentials?|cvv2?|cvc2?|security (?:code|question)|one[- ]time code|otp|2fa|mfa|log[- ]?in|mother's maiden name)\b/,
  number:
    /\b(?:card number|credit card|debit card|bank account|account (?:number|no)|iban|routing number|sort code|swift|bic|passport|driv(?:er's|ing) licen[cs]e|social security|ssn|national insurance|tax (?:id|number)|identity card|id (?:card|number)|visa card|mastercard)\b/,
  sensitive: new RegExp(
    [
      String.raw`\ballerg|\basthma|\bdiabet|\bcancer|\btumou?r|\bhiv\b|\baids\b|\bdepress|\banxi(?:ety|ous)|\badhd\b|\badd\b disorder|\bautis|\bbipolar|\bschizo|\bepilep|\bpregnan|\bmiscarr|\babortion|\bdisab(?:led|ilit)|\bwheelchair|\b(?:colou?r[- ]?)?blind\b|\bdeaf\b|\bill(?:ness)?\b|\bsick\b|\bdiseases?\b|\bdisorders?\b|\bsyndrome|\bmedica(?:tion|l|ted)|\bmedicines?\b|\binsulin|\bpills?\b|\bprescri|\btherap(?:y|ist)|\bpsychiat|\bpsycholog|\bsurgery|\bdiagnos|\bchronic|\bmigraine|\barthritis|\bpain(?:s|ful)?\b|\binjur|\binfect|\bcovid|\bc(?:o)?eliac|\bintoleran|\bblood (?:pressure|sugar|type)|\bcholesterol|\bobes|\boverweight|\bunderweight|\bi weigh\b|\bmy weight\b|\bdyslexi|\binsomnia|\baddict|\balcoholic|\brehab|\bsober\b|\bsuicid|\bself[- ]harm|\beczema|\bpsoriasis|\bheart (?:condition|attack|problem)|\bstroke\b|\bdementia|\bhealth\b|\binfertil|\bivf\b`,
      String.raw`\bchristian|\bcatholic|\bprotestant|\bevangelical|\bmuslim|\bislam|\bjew(?:ish|s)?\b|\bhindu|\bbuddhis|\bsikh|\batheis|\bagnostic|\bmormon|\bjehovah|\bchurch\b|\bmosque|\bsynagogue|\bpray(?:er)?\b|\breligio|\bhalal\b|\bkosher\b|\bramadan|\bfaith\b|\bbelieve in (?:god|allah|jesus)|\bscientolog`,
      String.raw`\brepublican|\bdemocrat|\bsocialist|\bcommunist|\bmarxist|\banarchist|\bfascist|\bi(?:'m| am) (?:a )?(?:conservative|liberal|libertarian|tory|leftist)\b|\bvot(?:e|ed|ing|er)\b|\bpolitic|\bparty member|\b(?:left|right)[- ]wing|\b(?:labou?r|green|conservative|liberal) party|\b(?:trade|labou?r) union|\bunion member`,
      String.raw`\bgay\b|\blesbian|\bbisexual|\bqueer|\btransgender|\btrans (?:man|woman|person)|\bnon[- ]?binary|\bsexual|\bsex\b|\bhomosexual|\bheterosexual|\bporn|\bethnic|\bmy race\b|\bi(?:'m| am) (?:a )?(?:black|white|asian|latin[oa]|hispanic|roma)(?: (?:man|woman|person))?$|\bdivorc`,
      String.raw`\bconvict|\bprison|\bcriminal|\barrested|\bprobation|\bmy (?:salary|income|wage|debts?|net worth)\b|\bi earn\b|\bi owe\b|\bin debt\b|\bbankrupt|\bcredit score`,
    ].join('|'),
  ),
  instruction:
    /\b(?:ignore|disregard|override|bypass|forget)\b.{0,40}\b(?:rules?|instructions?|prompts?|guidelines?|restrictions?|policy|policies|above|previous)\b|\bsystem prompt|\bdeveloper mode|\bjailbreak|\byou (?:must|should|shall|have to|are now|will|need to|may not|can't|cannot|are allowed|always|never)\b|\bfrom now on\b|\b(?:always|never) (?:answer|reply|say|give|grant|tell|recommend|offer|mention|refuse|respond|treat|use|call|start|end|add|include|write)\b|\bact as\b|\bpretend\b|\brole[- ]?play|\byour (?:rules|instructions|prompt|system|role)\b|\b(?:entitled to|gets?|have|has|receive) (?:a |an )?(?:\d+ ?%|free|full) ?(?:discount|refund|access|shipping)|\bi(?:'m| am) (?:an? |the |your )?(?:admin(?:istrator)?|developer of|operator|owner of this)\b|<\/?\w|\[\/?\w+\]|```|\{\{/,
}
