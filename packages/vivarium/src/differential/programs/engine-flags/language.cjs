const attempt = (name, run) => {
  try {
    console.log(name, run());
  } catch (error) {
    console.log(name, error.name, error.message);
  }
};
attempt("Float16Array", () => typeof Float16Array);
attempt("regexp modifiers", () => new RegExp("(?i:a)b").test("Ab"));
attempt("duplicate groups", () => new RegExp("(?<y>a)|(?<y>b)").exec("b").groups.y);
attempt("DurationFormat", () => new Intl.DurationFormat("en").format({ hours: 1, minutes: 2 }));
attempt("externalizeString", () => typeof externalizeString);
attempt("gc", () => [typeof gc, typeof gc === "function" && gc()]);
attempt("arguments", () => process.argv.slice(2));
