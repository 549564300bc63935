/**
 * The 18 land regions of the GCP and RECCAP2. Their mask file is not public; here they are put
 * together from country outlines, and are approximate: subnational borders do not matter, but
 * which group a border country belongs to was decided by us. A user's own mask is read by
 * `readRegionMask`.
 */

/** One of the 18 regions. */
export interface Region {
  readonly code: string;
  readonly name: string;
  /** whether most of it lies within the tropics (23.5°) */
  readonly belt: "tropics" | "extratropics";
  /** names of its countries in Natural Earth */
  readonly countries: readonly string[];
}

const list = (names: string) => names.split("; ");

/** The regions in the order of the mask file of RECCAP2. */
export const REGIONS: readonly Region[] = [
  {
    code: "USA",
    name: "USA",
    belt: "extratropics",
    countries: ["United States of America"],
  },
  { code: "CAN", name: "Canada", belt: "extratropics", countries: ["Canada"] },
  {
    code: "CAM",
    name: "Central America",
    belt: "tropics",
    countries: list(
      "Mexico; Guatemala; Belize; Honduras; El Salvador; Nicaragua; Costa Rica; Panama; Cuba; Haiti; Dominican Rep.; Jamaica; Puerto Rico; Bahamas; Trinidad and Tobago",
    ),
  },
  {
    code: "NSA",
    name: "Northern South America",
    belt: "tropics",
    countries: list("Colombia; Venezuela; Guyana; Suriname"),
  },
  { code: "BRA", name: "Brazil", belt: "tropics", countries: ["Brazil"] },
  {
    code: "SSA",
    name: "Southwest South America",
    belt: "extratropics",
    countries: list("Argentina; Chile; Uruguay; Paraguay; Bolivia; Peru; Ecuador; Falkland Is."),
  },
  {
    code: "EU",
    name: "Europe",
    belt: "extratropics",
    countries: list(
      "Albania; Austria; Belarus; Belgium; Bosnia and Herz.; Bulgaria; Croatia; Cyprus; N. Cyprus; Czechia; Denmark; Estonia; Finland; France; Germany; Greece; Hungary; Iceland; Ireland; Italy; Kosovo; Latvia; Lithuania; Luxembourg; Macedonia; Moldova; Montenegro; Netherlands; Norway; Poland; Portugal; Romania; Serbia; Slovakia; Slovenia; Spain; Sweden; Switzerland; Ukraine; United Kingdom",
    ),
  },
  {
    code: "NAF",
    name: "Northern Africa",
    belt: "tropics",
    countries: list(
      "Algeria; Burkina Faso; Chad; Djibouti; Egypt; Eritrea; Gambia; Libya; Mali; Mauritania; Morocco; Niger; Senegal; Sudan; Tunisia; W. Sahara",
    ),
  },
  {
    code: "EQAF",
    name: "Equatorial Africa",
    belt: "tropics",
    countries: list(
      "Benin; Burundi; Cameroon; Central African Rep.; Congo; Côte d'Ivoire; Dem. Rep. Congo; Eq. Guinea; Ethiopia; Gabon; Ghana; Guinea; Guinea-Bissau; Kenya; Liberia; Nigeria; Rwanda; S. Sudan; Sierra Leone; Somalia; Somaliland; Tanzania; Togo; Uganda",
    ),
  },
  {
    code: "SAF",
    name: "Southern Africa",
    belt: "tropics",
    countries: list(
      "Angola; Botswana; eSwatini; Lesotho; Madagascar; Malawi; Mozambique; Namibia; South Africa; Zambia; Zimbabwe",
    ),
  },
  { code: "RUS", name: "Russia", belt: "extratropics", countries: ["Russia"] },
  {
    code: "CAS",
    name: "Central Asia",
    belt: "extratropics",
    countries: list("Kazakhstan; Kyrgyzstan; Mongolia; Tajikistan; Turkmenistan; Uzbekistan"),
  },
  {
    code: "MIDE",
    name: "Mideast",
    belt: "extratropics",
    countries: list(
      "Armenia; Azerbaijan; Georgia; Iran; Iraq; Israel; Jordan; Kuwait; Lebanon; Oman; Palestine; Qatar; Saudi Arabia; Syria; Turkey; United Arab Emirates; Yemen",
    ),
  },
  { code: "CHN", name: "China", belt: "extratropics", countries: list("China; Taiwan") },
  {
    code: "KAJ",
    name: "Korea and Japan",
    belt: "extratropics",
    countries: list("Japan; North Korea; South Korea"),
  },
  {
    code: "SAS",
    name: "South Asia",
    belt: "tropics",
    countries: list("Afghanistan; Bangladesh; Bhutan; India; Nepal; Pakistan; Sri Lanka"),
  },
  {
    code: "SEAS",
    name: "Southeast Asia",
    belt: "tropics",
    countries: list(
      "Brunei; Cambodia; Indonesia; Laos; Malaysia; Myanmar; Philippines; Thailand; Timor-Leste; Vietnam",
    ),
  },
  {
    code: "OCE",
    name: "Oceania",
    belt: "extratropics",
    countries: list(
      "Australia; Fiji; New Caledonia; New Zealand; Papua New Guinea; Solomon Is.; Vanuatu",
    ),
  },
];

/** Land that belongs to no region, by name: it is left out of all sums. */
export const UNASSIGNED = ["Antarctica", "Greenland", "Fr. S. Antarctic Lands"] as const;

/** The number of the region of each country. */
export function regionOfCountry(): Map<string, number> {
  return new Map(
    REGIONS.flatMap(({ countries }, r) => countries.map((name) => [name, r] as const)),
  );
}

/** Number of a region by its code; −1 if there is none. */
export function regionNumber(code: string): number {
  return REGIONS.findIndex((region) => region.code === code);
}
