variable "tenancy_id" {
  description = "OCID of the tenancy"
  type        = string
}

variable "compartment_id" {
  description = "OCID of the compartment of the instance and of the models"
  type        = string

  validation {
    condition     = can(regex("^ocid1\\.(compartment|tenancy)\\.", var.compartment_id))
    error_message = "compartment_id must be the OCID of a compartment."
  }
}

variable "region" {
  description = "Region of the instance, which should have OCI Generative AI"
  type        = string
  default     = "us-chicago-1"
}

variable "home_region" {
  description = "Home region of the tenancy"
  type        = string
}

variable "subnet_id" {
  description = "OCID of the subnet of the instance"
  type        = string
}

variable "image_id" {
  description = "OCID of an image with systemd, such as Oracle Linux 9 or Ubuntu 24.04"
  type        = string
}

variable "availability_domain" {
  description = "Name of the availability domain"
  type        = string
}

variable "shape" {
  description = "Shape of the instance"
  type        = string
  default     = "VM.Standard.E5.Flex"
}

variable "ocpus" {
  description = "OCPUs of the instance; an OCPU of an x86 shape has two hardware threads"
  type        = number
  default     = 1
}

variable "memory_in_gbs" {
  description = "Memory of the instance in GB"
  type        = number
  default     = 8
}

variable "assign_public_ip" {
  description = "Whether the instance has a public address"
  type        = bool
  default     = false
}

variable "ssh_public_key" {
  description = "Public key for SSH; empty for none"
  type        = string
  default     = ""
}

variable "node_version" {
  description = "Version of Node.js, downloaded from nodejs.org"
  type        = string
  default     = "24.21.0"
}

variable "gateway_version" {
  description = "Version of the npm package oci-genai-gateway"
  type        = string
  default     = "0.1.0"
}

variable "name" {
  description = "Name of the instance, the dynamic group and the policy"
  type        = string
  default     = "oci-gateway"
}
