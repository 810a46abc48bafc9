import type { CatalogueProfile } from '../../../answering/retrieval/catalogue/profile.ts'

/** The version questions are answered from. */
export interface ActiveCatalogue {
  version: number
  demo: boolean
  profile: CatalogueProfile
}
