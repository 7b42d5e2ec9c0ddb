import type { ErrorCode, WireError } from '../wire';

/** A request that was refused, or not answered: `offline` was never sent; `timeout` may or may not have been carried out. */
export class RequestError extends Error {
  readonly code: ErrorCode | 'offline' | 'timeout';
  readonly field: string | undefined;
  readonly retryMs: number | undefined;

  constructor(code: ErrorCode | 'offline' | 'timeout', message: string, more: Partial<WireError> = {}) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.field = more.field;
    this.retryMs = more.retry_ms;
  }

  static from(error: WireError): RequestError {
    return new RequestError(error.code, error.message, error);
  }

  /** True when the same request may succeed later and asking again does no harm. */
  get passing(): boolean {
    return ['offline', 'timeout', 'rate_limited', 'unavailable', 'internal'].includes(this.code);
  }
}
