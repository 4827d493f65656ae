-- Every server makes this by itself; it is in no log.
set sql_log_bin = 0;
create database d;
create table d.kv (k varchar(64) primary key, v varchar(1024)) engine = innodb default charset utf8mb4 collate utf8mb4_bin;
create user repl@'%' identified by 'repl';
grant replication slave on *.* to repl@'%';
create user app@'%' identified by 'app';
grant select, insert, update, delete on d.* to app@'%';
