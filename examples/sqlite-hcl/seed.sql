-- The state the database is in before the first plan: an older schema, with rows that must survive.
CREATE TABLE `users` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `email` text NOT NULL,
  `name` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (CURRENT_TIMESTAMP)
);

CREATE TABLE `posts` (
  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  `author_id` integer NOT NULL,
  `title` text NOT NULL,
  `body` text NOT NULL DEFAULT '',
  CONSTRAINT `posts_author` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);

INSERT INTO `users` (`email`, `name`) VALUES
  ('ada@example.com', 'Ada'),
  ('grace@example.com', 'Grace'),
  ('linus@example.com', 'Linus');

INSERT INTO `posts` (`author_id`, `title`, `body`) VALUES
  (1, 'Notes on the engine', 'It weaves algebraic patterns.'),
  (2, 'A bug, found', 'A moth, in relay 70.'),
  (2, 'On compilers', 'They said computers could only do arithmetic.');
