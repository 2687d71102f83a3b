/** A property of a failure as text, '' where it has none. Failures of drivers are no instances of one common class. */
export function read(failure: unknown, property: 'code' | 'message' | 'errcode'): string {
  if (typeof failure !== 'object' || failure === null) return '';
  const value: unknown = Reflect.get(failure, property);
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}
