declare module "virtual:gentie-texts/*" {
  const texts: import("./reading/i18n.ts").Catalogue;
  export default texts;
}
