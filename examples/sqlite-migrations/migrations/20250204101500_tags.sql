-- Create "tags" table
CREATE TABLE `tags` (
  `note_id` integer NOT NULL,
  `name` text NOT NULL,
  PRIMARY KEY (`note_id`, `name`),
  CONSTRAINT `tags_note` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- Create index "tags_name" to table: "tags"
CREATE INDEX `tags_name` ON `tags` (`name`);
