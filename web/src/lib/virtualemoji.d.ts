/** Made by scripts/emoji-data.ts. */
declare module 'virtual:emoji/*' {
  const lines: string;
  export default lines;
}
