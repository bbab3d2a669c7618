import sharp from 'sharp';

/** Pictures that the stand-in hands out by link: uploads, samples, generated ones. */
export interface Files {
  /** Gives the link. The type is read from the bytes. */
  put(name: string, bytes: Buffer): Promise<string>;
  find(name: string): StoredFile | undefined;
}

export interface StoredFile {
  readonly type: string;
  readonly bytes: Buffer;
}

export function createFiles(origin: () => string): Files {
  const files = new Map<string, StoredFile>();
  return {
    async put(name, bytes) {
      const { format } = await sharp(bytes).metadata();
      files.set(name, { type: `image/${format}`, bytes });
      return `${origin()}/generations/${name}`;
    },
    find: (name) => files.get(name),
  };
}
