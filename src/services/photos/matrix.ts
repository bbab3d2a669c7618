/** Three rows of three. */
export type Matrix = readonly [Vector, Vector, Vector];
export type Vector = readonly [number, number, number];

export function apply(matrix: Matrix, vector: Vector): Vector {
  return mapRows(matrix, (row) => row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]);
}

/** The matrix that does what `first` does, then what `then` does. */
export function chain(first: Matrix, then: Matrix): Matrix {
  const columns = mapRows(transpose(first), (column) => apply(then, column));
  return transpose(columns);
}

export function transpose([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

export function diagonal([a, b, c]: Vector): Matrix {
  return [
    [a, 0, 0],
    [0, b, 0],
    [0, 0, c],
  ];
}

/** Full of infinities where there is none. */
export function invert([a, b, c]: Matrix): Matrix {
  // The rows of the adjugate are cross products of the columns: of a matrix on its side, of its rows.
  const columns: Matrix = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * columns[0][0] + a[1] * columns[0][1] + a[2] * columns[0][2];
  return mapRows(transpose(columns), ([x, y, z]) => [x / determinant, y / determinant, z / determinant] as const);
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function mapRows<Result>([a, b, c]: Matrix, of: (row: Vector) => Result): [Result, Result, Result] {
  return [of(a), of(b), of(c)];
}
