/** Where a name is the same for all quarters but for its number: `#`, or `*` in Roman letters. */
type QuarterNames = readonly [short: string, full: string | readonly string[], narrow?: string];

/** What quarters are called; Intl does not know it. */
const BY_LANGUAGE: Readonly<Record<string, QuarterNames>> = {
  ca: ["#T", ["1r trimestre", "2n trimestre", "3r trimestre", "4t trimestre"]],
  cs: ["Q#", "#. čtvrtletí"],
  da: ["#. kvt.", "#. kvartal"],
  de: ["Q#", "#. Quartal"],
  el: ["Τ#", "#ο τρίμηνο"],
  es: ["T#", ["1.er trimestre", "2.º trimestre", "3.er trimestre", "4.º trimestre"]],
  fi: ["#. nelj.", "#. neljännes"],
  fr: ["T#", ["1er trimestre", "2e trimestre", "3e trimestre", "4e trimestre"]],
  he: ["Q#", "רבעון #"],
  id: ["K#", "Kuartal ke-#"],
  it: ["T#", "#º trimestre"],
  ja: ["Q#", "第#四半期"],
  ko: ["#분기", "제 #/4분기"],
  lv: ["#. cet.", "#. ceturksnis", "#."],
  nb: ["K#", "#. kvartal", "#."],
  nl: ["K#", "#e kwartaal"],
  no: ["K#", "#. kvartal", "#."],
  pl: ["* kw.", "* kwartał"],
  pt: ["T#", "#º trimestre"],
  ru: ["#-й кв.", "#-й квартал"],
  sk: ["Q#", "#. štvrťrok"],
  sl: ["#. čet.", "#. četrtletje", "#."],
  sv: ["K#", ["1:a kvartalet", "2:a kvartalet", "3:e kvartalet", "4:e kvartalet"]],
  tr: ["Ç#", "#. çeyrek", "#."],
  uk: ["#-й кв.", "#-й квартал"],
  zh: ["#季度", ["第一季度", "第二季度", "第三季度", "第四季度"]],
};

const ENGLISH: QuarterNames = ["Q#", ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"]];

/** The names of the quarters in the language of a locale; in one that is not known here, the English ones. */
export function quartersOf(locale: string): Record<"short" | "full" | "narrow", readonly string[]> {
  const language = locale.split("-")[0] as string;
  const [short, full, narrow = "#"] = BY_LANGUAGE[language] ?? ENGLISH;
  const names = (name: string | readonly string[]) =>
    typeof name === "string"
      ? ["I", "II", "III", "IV"].map((roman, index) => name.replace("#", `${index + 1}`).replace("*", roman))
      : name;
  return { short: names(short), full: names(full), narrow: names(narrow) };
}
