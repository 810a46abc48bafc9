import type { StopwordLists } from './stopwords.ts'

export const stopwordsEn: StopwordLists = {
  grammatical: `a an the and or but if of at by for with about to from in on into onto is are was were be been being am have has
    had having do does did doing done can could should would will shall may might must i you he she it we they me
    him us them my your his her hers its our their this that these those what which who whom whose how when where
    why there here not no so than too very just as any some much many please tell give show get got take make want
    need know also then s t m re ve ll d doe wa ha thi hi ani veri pleas onli`,
  empty: `a an the this that these those it its they them their he she his her we us our you your i my me is are was were
    be been being am do does did done have has had having will would shall should can could may might must of in on
    at by for with to from as into onto than then and or but if so also too very just only about there here which
    who whom whose what when where why how all any both each more most other some such own same s t d ll re ve m
    please yes well get gets got offer offers come comes make makes made one per up out over under within least max
    maximum minimum approximately around product item model however while because since therefore additionally
    according note following via no not never without cannot none neither nor nothing nobody non don doesn didn isn
    aren wasn won can until till`,
  weak: `take takes long do does need needed use give work go something anything thing things much many tell know ask
    question want like help find look show see let buy purchase order possible right way time kind sort example fast quick quickly soon
    information info detail details bought buying purchased ordered later yesterday today tomorrow now guys guy away
    threw throw late leave leaves once twice two three four five six seven eight nine ten still yet already ago really
    actually maybe perhaps nah yo gimme wanna gonna gotta pls plz got gotten happen happens happened say says said
    think thinking told mean means able possible else bit lot lots back again stuff bro dude man mate hey ok okay`,
  general: `laptop laptops notebook computer pc machine lamp light lighting chair seat phone smartphone tablet desk table
    shop store good nice great best better top suitable someone somebody person people recommend suggestion
    recommendation suggest option choice please show list find looking search need want buy something anything
    available sell have under over budget home use everyday`,
}
