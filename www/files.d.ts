declare module '*.css' {
  const text: string;
  export default text;
}
declare module '*.run' {
  const text: string;
  export default text;
}
