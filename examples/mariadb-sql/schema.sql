-- The books of a small library and who has them.

CREATE TABLE authors (
  id   int NOT NULL AUTO_INCREMENT,
  name varchar(120) NOT NULL,
  born year,
  PRIMARY KEY (id)
) COMMENT 'Everybody who wrote something we have';

CREATE TABLE books (
  id        int NOT NULL AUTO_INCREMENT,
  author_id int NOT NULL,
  title     varchar(200) NOT NULL,
  language  enum('en', 'de', 'fr') NOT NULL DEFAULT 'en',
  price     decimal(8,2) NOT NULL DEFAULT 0.00,
  added     timestamp NOT NULL DEFAULT current_timestamp(),
  PRIMARY KEY (id),
  UNIQUE KEY books_title (author_id, title),
  CONSTRAINT books_author FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE CASCADE,
  CONSTRAINT books_price CHECK (price >= 0)
);

CREATE TABLE loans (
  book_id int NOT NULL,
  reader  varchar(80) NOT NULL,
  since   date NOT NULL,
  until   date,
  PRIMARY KEY (book_id, since),
  KEY loans_reader (reader),
  CONSTRAINT loans_book FOREIGN KEY (book_id) REFERENCES books (id)
);
