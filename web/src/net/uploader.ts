import type { Answer, File, Routes } from '../wire';
import { RequestError } from './requesterror';

/** Sends files to the server. */
export interface Uploader {
  /** Rejects with a RequestError; `offline` also when it was given up. */
  upload(content: Blob, about: { name: string; alt: string }, watch: UploadWatch): Promise<File>;
}

export interface UploadWatch {
  /** 0 to 1. */
  progress(part: number): void;
  readonly signal: AbortSignal;
}

/** Uploads over HTTP by XMLHttpRequest, for `fetch` does not tell how far it is. The cookie is the browser's affair. */
export class HttpUploader implements Uploader {
  upload(content: Blob, about: { name: string; alt: string }, watch: UploadWatch): Promise<File> {
    const form = new FormData();
    if (about.alt) form.append('alt', about.alt); // the server reads it before the file
    form.append('file', content, about.name);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const lost = () => reject(new RequestError('offline', 'no answer from the server'));
      request.open('POST', '/api/v1/files');
      request.upload.addEventListener('progress', (event) => {
        if (event.lengthComputable) watch.progress(event.loaded / event.total);
      });
      request.addEventListener('error', lost);
      request.addEventListener('abort', lost);
      request.addEventListener('load', () => {
        try {
          const answer = JSON.parse(request.responseText) as Answer<Routes['files']>;
          if (answer.ok) resolve(answer.file);
          else reject(RequestError.from(answer.error));
        } catch {
          lost(); // a proxy's page
        }
      });
      watch.signal.addEventListener('abort', () => request.abort());
      request.send(form);
    });
  }
}
