declare module "virtual:gentie-texts" {
  const texts: Record<string, string | string[]>;
  export default texts;
}
