//// numbers
for (const [locale, o] of [["en-US"], ["de-DE", { style: "currency", currency: "EUR" }], ["en-IN"], ["ar-EG"], ["ja-JP", { style: "currency", currency: "JPY" }], ["fr", { notation: "compact" }], ["en", { style: "unit", unit: "liter" }], ["en", { style: "percent", maximumFractionDigits: 1 }]]) console.log(locale, new Intl.NumberFormat(locale, o).format(1234567.891), new Intl.NumberFormat(locale, o).resolvedOptions().numberingSystem);
console.log((1234.5).toLocaleString(), (12n ** 20n).toLocaleString("de"), Intl.NumberFormat.supportedLocalesOf(["de", "xx"]));

//// dates and time zones
const d = new Date(Date.UTC(2024, 1, 29, 13, 5, 9, 7));
for (const [locale, o] of [["en-US", { dateStyle: "full", timeStyle: "long" }], ["de", { timeZone: "Europe/Berlin", timeStyle: "full" }], ["ja-JP-u-ca-japanese", {}], ["en-GB", { timeZone: "America/New_York", hour: "numeric", weekday: "short" }]]) console.log(locale, new Intl.DateTimeFormat(locale, o).format(d));
console.log(d, String(d), d.toISOString(), d.toLocaleString(), d.toUTCString(), d.getTimezoneOffset(), d.toJSON(), Intl.DateTimeFormat().resolvedOptions().timeZone, Date.UTC(1970), Date.parse("2024-01-01T00:00:00+02:00"), new Date("nope").getTime());
process.env.TZ = "Asia/Tokyo";
console.log(d.toString(), d.getHours(), new Date(2024, 0, 1).toISOString());

//// collation, plurals, lists, relative times, display names
console.log(["z", "ä", "a", "Z", "10", "9"].sort(new Intl.Collator("de", { numeric: true }).compare), ["z", "ä", "a"].sort(new Intl.Collator("sv").compare), "a".localeCompare("B"), "ä".localeCompare("a", "de", { sensitivity: "base" }));
console.log(["en", "ar", "pl"].map((l) => [0, 1, 2, 5, 100].map((n) => new Intl.PluralRules(l).select(n))), new Intl.ListFormat("de", { type: "disjunction" }).format(["a", "b", "c"]), new Intl.RelativeTimeFormat("es", { numeric: "auto" }).format(-1, "day"), new Intl.DisplayNames("fr", { type: "region" }).of("DE"), new Intl.DisplayNames("en", { type: "currency" }).of("CHF"));

//// segments, locales, case and normalisation
console.log([...new Intl.Segmenter("en", { granularity: "grapheme" }).segment("👨‍👩‍👧é!")].map((s) => s.segment.length), [...new Intl.Segmenter("th", { granularity: "word" }).segment("สวัสดีครับ")].map((s) => s.segment), new Intl.Locale("zh-Hant-TW").maximize().toString(), Intl.getCanonicalLocales("EN-us"), "İI".toLocaleLowerCase("tr"), "i".toLocaleUpperCase("tr"), "ß".toUpperCase(), "é".normalize("NFD").length, Intl.supportedValuesOf("calendar").length);

//// regular expressions of Unicode and errors
console.log("Ωx1".match(/\p{Script=Greek}\p{L}\p{N}/u)?.[0], "aßẞ".replace(/ß/giu, "s"), /^\p{Emoji}$/u.test("😀"), /[\p{L}--[a-z]]/v.test("a"), "x".padStart(3, "ab"), "abc".at(-1), "a\ud800".isWellFormed());
for (const f of [() => new Intl.NumberFormat("x-bad-locale!"), () => new Intl.DateTimeFormat("en", { timeZone: "Mars/X" }), () => "a".normalize("NFX"), () => new Intl.NumberFormat("en", { style: "currency" }), () => new Date(NaN).toISOString()]) try { console.log(f()); } catch (e) { console.log(e.name, e.message); }
