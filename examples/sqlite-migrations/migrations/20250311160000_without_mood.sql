-- atlas:txtar

-- checks/destructive.sql --
-- atlas:assert DS103
SELECT NOT EXISTS (SELECT 1 FROM `notes` WHERE `mood` IS NOT NULL) AS `is_unused`;

-- migration.sql --
-- Drop column "mood" from table: "notes"
ALTER TABLE `notes` DROP COLUMN `mood`;
